import { createLazyRoute, useNavigate, useSearch } from '@tanstack/react-router';
import { type FormEvent, useEffect, useRef, useState } from 'react';
import { refusalSentence } from '../../api/failure.ts';
import { signIn } from '../../api/key-store.ts';
import { Button } from '../../ui/button.tsx';
import { TextField } from '../../ui/field.tsx';
import styles from './login-page.module.css';

export const loginRoute = createLazyRoute('/login')({ component: LoginPage });

/** With a key, or with the one-time link that `throughline start` prints, whose token stands behind the `#`. */
function LoginPage() {
  const { to } = useSearch({ from: '/login' });
  const navigate = useNavigate();
  const [key, setKey] = useState('');
  const [problem, setProblem] = useState<string | undefined>();
  const [isBusy, setBusy] = useState(false);
  const enter = async (readKey: () => Promise<string>) => {
    setBusy(true);
    setProblem(undefined);
    try {
      signIn(await readKey());
      // Only within this dashboard, whatever a link says.
      const target = to?.startsWith('/') && !to.startsWith('//') ? to : '/sessions';
      await navigate({ href: target, replace: true });
    } catch (error) {
      setProblem((error as Error).message);
    } finally {
      setBusy(false);
    }
  };
  const isLinkUsed = useRef(false);
  // biome-ignore lint/correctness/useExhaustiveDependencies: once, with the address that the page was opened at
  useEffect(() => {
    document.title = 'Sign in · Throughline';
    const token = new URLSearchParams(window.location.hash.slice(1)).get('token');
    if (token === null || isLinkUsed.current) return;
    isLinkUsed.current = true;
    // It works once: nothing is left of it in the history.
    window.history.replaceState(null, '', window.location.pathname + window.location.search);
    void enter(() => keyOfLink(token));
  }, []);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    void enter(() => checkedKey(key.trim()));
  };
  return (
    <main className={styles.page} id="page">
      <form className={styles.form} onSubmit={submit}>
        <h1>Sign in to Throughline</h1>
        <p className="quiet">
          With an API key that may read. It stays in this tab and is forgotten when the tab is closed. On the machine
          where Throughline runs, <code>npx -y pnpm@10 throughline login</code> prints a link that needs no key.
        </p>
        <TextField
          label="API key"
          type="password"
          placeholder="sk-helicone-…"
          value={key}
          autoFocus
          onChange={(event) => setKey(event.target.value)}
        />
        <Button kind="primary" type="submit" disabled={isBusy || key.trim() === ''}>
          Sign in
        </Button>
        {problem !== undefined && (
          <p role="alert" className="bad">
            {problem}
          </p>
        )}
      </form>
    </main>
  );
}

/** @throws Error with a sentence for whoever typed it. */
async function checkedKey(key: string): Promise<string> {
  // Whatever the key may do: what it lacks is said by the pages, which also say what to do.
  await requireOk(await call('/v1/key', { headers: { authorization: `Bearer ${key}` } }));
  return key;
}

async function keyOfLink(token: string): Promise<string> {
  const response = await call('/v1/login', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ token }),
  });
  await requireOk(response);
  const { data } = (await response.json()) as { data: { api_key: string } };
  return data.api_key;
}

async function call(path: string, init: RequestInit): Promise<Response> {
  return fetch(path, init).catch(() => {
    throw new Error('No answer came from Throughline. Is it running?');
  });
}

async function requireOk(response: Response): Promise<void> {
  if (response.ok) return;
  throw new Error(refusalSentence(await response.json().catch(() => undefined), response.status));
}
