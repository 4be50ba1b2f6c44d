-- A load of wrk: POSTs of a template whose placeholders depend on the number of the request (see template.ts).
-- Arguments: file of the template, first number, pages, callers (0 for the caller "demo" alone).

local parts, steady, number, pages, callers = {}, nil, 0, 1, 0
wrong = 0

local function moment(seconds)
  return os.date("!%Y-%m-%dT%H:%M:%SZ", seconds)
end

local values = {
  COUNT = function(n) return tostring(n) end,
  TIME = function(n) return moment(n) end,
  PAGE = function(n) return moment(n % pages) end,
}

local function bit_of(index)
  return function(n)
    return (math.floor(n / pages / 2 ^ index) % 2 == 1) and "true" or "false"
  end
end

local function split(text)
  local at = 1
  while true do
    local from, to, quote, name, index = text:find('("?)@@(%u+)(%d*)@@"?', at)
    if from == nil then break end
    -- Quotes around a placeholder stay where its value is a text.
    if name ~= "BIT" then
      from = from + #quote
      if text:sub(to, to) == '"' then to = to - 1 end
    end
    table.insert(parts, text:sub(at, from - 1))
    table.insert(parts, name == "BIT" and bit_of(tonumber(index)) or values[name])
    at = to + 1
  end
  table.insert(parts, text:sub(at))
end

function setup(thread)
  loader = thread
end

function init(args)
  local file = assert(io.open(args[1], "rb"))
  split(file:read("*a"))
  file:close()
  number, pages, callers = tonumber(args[2]), tonumber(args[3]), tonumber(args[4])
  wrk.method = "POST"
  wrk.headers["Content-Type"] = "application/json"
  wrk.headers["X-Auth-Token"] = "demo"
  math.randomseed(number)
  if #parts == 1 and callers == 0 then steady = wrk.format(nil, nil, nil, parts[1]) end
end

function request()
  if steady then return steady end
  number = number + 1
  local filled = {}
  for i, part in ipairs(parts) do
    filled[i] = type(part) == "function" and part(number) or part
  end
  if callers > 0 then wrk.headers["X-Auth-Token"] = "caller-" .. math.random(0, callers - 1) end
  return wrk.format(nil, nil, nil, table.concat(filled))
end

function response(status, _, body)
  if status ~= 200 or body:find('"errors":', 1, true) then wrong = wrong + 1 end
end

function done(summary, latency, _)
  local errors = summary.errors
  io.write(string.format(
    'MEASURED {"requests":%d,"microseconds":%d,"p50":%d,"p99":%d,"max":%d,"wrong":%d,"broken":%d,"timeouts":%d}\n',
    summary.requests, summary.duration,
    latency:percentile(50), latency:percentile(99), latency.max,
    loader:get("wrong"), errors.connect + errors.read + errors.write, errors.timeout
  ))
end
