import { StrictMode, useMemo, useState } from 'react';
import { createRoot } from 'react-dom/client';
import { Client, fetchExchange, Provider } from 'urql';
import { App } from './app.tsx';
import './styles.css';

/** A client per token, so that nothing one caller saw is shown to another. */
function Root() {
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
  return (
    <Provider value={client}>
      <App key={token} token={token} onToken={setToken} />
    </Provider>
  );
}

const root = document.getElementById('root');
if (root !== null)
  createRoot(root).render(
    <StrictMode>
      <Root />
    </StrictMode>,
  );
