import './theme/base.css';
import { CSPProvider } from '@base-ui/react/csp-provider';
import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { createQueryClient } from './api/query-client.ts';
import { createDashboardRouter } from './router.tsx';
import { applyTheme } from './theme/theme.ts';
import { loadPartsSoon } from './ui/floating/use-parts.ts';

applyTheme();
const queryClient = createQueryClient();
const router = createDashboardRouter({ queryClient });

createRoot(document.getElementById('root')!).render(
  <StrictMode>
    {/* The page's policy takes styles from files alone. */}
    <CSPProvider disableStyleElements>
      <QueryClientProvider client={queryClient}>
        <RouterProvider router={router} />
      </QueryClientProvider>
    </CSPProvider>
  </StrictMode>,
);
loadPartsSoon();
