import { type SyntheticEvent, useState } from 'react';

interface SessionProps {
  readonly user: string | null;
  readonly onChange: (user: string | null) => void;
}

/** Log-in and log-out. The session itself is a cookie that scripts cannot read. */
export function Session({ user, onChange }: SessionProps) {
  const [problem, setProblem] = useState<string | null>(null);

  async function logIn(event: SyntheticEvent<HTMLFormElement>) {
    event.preventDefault();
    const given = Object.fromEntries(new FormData(event.currentTarget));
    const answer = await fetch('/session', {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(given),
    });
    const { name = null, error = null } = (await answer.json()) as { name?: string; error?: string };
    setProblem(error);
    if (answer.ok) onChange(name);
  }

  async function logOut() {
    const answer = await fetch('/session', { method: 'DELETE' });
    if (answer.ok) onChange(null);
  }

  if (user !== null)
    return (
      <p className="session">
        Logged in as <b>{user}</b>
        <button type="button" className="quiet" onClick={logOut}>
          Log out
        </button>
      </p>
    );
  return (
    <form className="session" onSubmit={logIn}>
      <input name="name" aria-label="Name" placeholder="Name" autoComplete="username" required />
      <input
        name="password"
        type="password"
        aria-label="Password"
        placeholder="Password"
        autoComplete="current-password"
        required
      />
      <button type="submit" className="quiet">
        Log in
      </button>
      {problem !== null && <span role="alert">{problem}</span>}
    </form>
  );
}
