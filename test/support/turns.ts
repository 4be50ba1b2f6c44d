/** Something else that the process has to do: it counts its turns. Does `work` in each. */
export function countTurns(work: () => void = () => {}) {
  let turn = 0;
  let other = setImmediate(function count() {
    turn += 1;
    work();
    other = setImmediate(count);
  });
  return { now: () => turn, [Symbol.dispose]: () => clearImmediate(other) };
}
