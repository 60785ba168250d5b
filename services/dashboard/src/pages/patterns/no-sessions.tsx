import { Empty } from '../../ui/states.tsx';

/** What all views say where no session is selected. */
export function NoSessions() {
  return (
    <Empty title="No sessions here">
      <p>No session of that name ran in that range of time. Choose a longer range, or another name.</p>
    </Empty>
  );
}
