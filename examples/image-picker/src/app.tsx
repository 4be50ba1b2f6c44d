import { useMemo, useState } from 'react';
import { Client, fetchExchange, Provider } from 'urql';
import { Picker } from './picker.tsx';

/** Projects of the gateway's sample catalogue, offered where a token is asked for. */
const sampleTokens = ['demo', 'demo-b', 'demo-c', 'demo-partner'];

/** The page for one caller at a time: a new token is a new client and a new picker, so nothing of the old one is left. */
export function App() {
  const [token, setToken] = useState('demo');
  const client = useMemo(
    () =>
      new Client({
        url: '/graphql',
        exchanges: [fetchExchange],
        preferGetMethod: false,
        fetchOptions: { headers: { 'X-Auth-Token': token } },
      }),
    [token],
  );
  const use = (given: FormData) => {
    const text = given.get('token');
    if (typeof text === 'string') setToken(text.trim());
  };
  return (
    <main>
      <header>
        <h1>Choose an image</h1>
        <form action={use}>
          <label className="token">
            Token
            <input name="token" defaultValue={token} list="tokens" spellCheck={false} autoComplete="off" />
          </label>
          <datalist id="tokens">
            {sampleTokens.map((one) => (
              <option key={one} value={one} />
            ))}
          </datalist>
          <button>Use</button>
        </form>
      </header>
      <Provider value={client}>
        <Picker key={token} />
      </Provider>
    </main>
  );
}
