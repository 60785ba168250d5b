/** What the bar, its menu and the palette lead to. */
export const PAGES = [
  { to: '/sessions', name: 'Sessions' },
  { to: '/patterns', name: 'Patterns' },
  { to: '/metrics', name: 'Metrics' },
  { to: '/users', name: 'Users' },
  { to: '/system', name: 'System' },
  { to: '/keys', name: 'Keys' },
] as const;
