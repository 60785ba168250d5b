import type { QueryClient } from '@tanstack/react-query';
import { createRootRouteWithContext, createRoute, createRouter, redirect } from '@tanstack/react-router';
import { storedKey } from './api/key-store.ts';
import { NotFoundPage, PageFailure, PageSkeleton } from './shell/page-states.tsx';
import { Shell } from './shell/shell.tsx';

interface RouterContext {
  readonly queryClient: QueryClient;
}

const root = createRootRouteWithContext<RouterContext>()({ notFoundComponent: NotFoundPage });

/** A text of the URL, or nothing. */
const text = (value: unknown): string | undefined =>
  typeof value === 'string' || typeof value === 'number' ? String(value) : undefined;

const login = createRoute({
  getParentRoute: () => root,
  path: '/login',
  validateSearch: (search): { readonly to?: string } => ({ to: text(search.to) }),
}).lazy(() => import('./pages/login/login-page.tsx').then(({ loginRoute }) => loginRoute));

/** Everything that takes a key: who has none is asked for it, and comes back to where they wanted to go. */
const signedIn = createRoute({
  getParentRoute: () => root,
  id: 'signed-in',
  beforeLoad: ({ location }) => {
    if (storedKey() === null) throw redirect({ to: '/login', search: { to: location.href } });
  },
  component: Shell,
});

const home = createRoute({
  getParentRoute: () => signedIn,
  path: '/',
  beforeLoad: () => {
    throw redirect({ to: '/sessions', replace: true });
  },
});

/** Search parameters that several pages share. Each page reads more of its own from what is left. */
export interface SharedSearch {
  /** See `search/range.ts`. */
  readonly range?: string;
}

/** What a page's URL may hold beside the range: texts by name, each read by whoever shows it. */
export type PageSearch = SharedSearch & { readonly [name: string]: string | undefined };

const pageSearch = (search: Record<string, unknown>): PageSearch => {
  const kept: Record<string, string> = {};
  for (const [name, value] of Object.entries(search)) {
    const read = text(value);
    if (read !== undefined && read !== '') kept[name] = read;
  }
  return kept;
};

const sessions = createRoute({
  getParentRoute: () => signedIn,
  path: '/sessions',
  validateSearch: pageSearch,
}).lazy(() => import('./pages/sessions/sessions-page.tsx').then(({ sessionsRoute }) => sessionsRoute));

const session = createRoute({
  getParentRoute: () => signedIn,
  path: '/sessions/$sessionId',
  validateSearch: pageSearch,
}).lazy(() => import('./pages/session/session-page.tsx').then(({ sessionRoute }) => sessionRoute));

const diff = createRoute({
  getParentRoute: () => signedIn,
  path: '/sessions/$sessionId/diff/$otherSessionId',
  validateSearch: pageSearch,
}).lazy(() => import('./pages/diff/diff-page.tsx').then(({ diffRoute }) => diffRoute));

const compare = createRoute({
  getParentRoute: () => signedIn,
  path: '/compare',
  validateSearch: pageSearch,
}).lazy(() => import('./pages/compare/compare-page.tsx').then(({ compareRoute }) => compareRoute));

const patterns = createRoute({
  getParentRoute: () => signedIn,
  path: '/patterns',
  validateSearch: pageSearch,
}).lazy(() => import('./pages/patterns/patterns-page.tsx').then(({ patternsRoute }) => patternsRoute));

const metrics = createRoute({
  getParentRoute: () => signedIn,
  path: '/metrics',
  validateSearch: pageSearch,
}).lazy(() => import('./pages/metrics/metrics-page.tsx').then(({ metricsRoute }) => metricsRoute));

const users = createRoute({
  getParentRoute: () => signedIn,
  path: '/users',
  validateSearch: pageSearch,
}).lazy(() => import('./pages/users/users-page.tsx').then(({ usersRoute }) => usersRoute));

const user = createRoute({
  getParentRoute: () => signedIn,
  path: '/users/$userId',
  validateSearch: pageSearch,
}).lazy(() => import('./pages/users/user-page.tsx').then(({ userRoute }) => userRoute));

const system = createRoute({
  getParentRoute: () => signedIn,
  path: '/system',
  validateSearch: pageSearch,
}).lazy(() => import('./pages/system/system-page.tsx').then(({ systemRoute }) => systemRoute));

const keys = createRoute({
  getParentRoute: () => signedIn,
  path: '/keys',
  validateSearch: pageSearch,
}).lazy(() => import('./pages/keys/keys-page.tsx').then(({ keysRoute }) => keysRoute));

/** What no page has the address of: said where all the others are a click away. */
const unknown = createRoute({ getParentRoute: () => signedIn, path: '$', component: NotFoundPage });

const tree = root.addChildren([
  login,
  signedIn.addChildren([home, sessions, session, diff, compare, patterns, metrics, users, user, system, keys, unknown]),
]);

export function createDashboardRouter(context: RouterContext) {
  return createRouter({
    routeTree: tree,
    context,
    parseSearch,
    stringifySearch,
    defaultPreload: 'intent',
    defaultPendingComponent: PageSkeleton,
    defaultErrorComponent: PageFailure,
    scrollRestoration: true,
  });
}

/** Plain texts: what a person reads in the address bar is what the page gets, and numbers stay as they were written. */
function parseSearch(search: string): Record<string, string> {
  return Object.fromEntries(new URLSearchParams(search));
}

function stringifySearch(search: Record<string, unknown>): string {
  const params = new URLSearchParams();
  for (const [name, value] of Object.entries(search)) if (typeof value === 'string') params.set(name, value);
  const text = params.toString();
  return text === '' ? '' : `?${text}`;
}

declare module '@tanstack/react-router' {
  interface Register {
    router: ReturnType<typeof createDashboardRouter>;
  }
}
