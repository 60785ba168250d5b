import { useNavigate } from '@tanstack/react-router';

/** Sets parameters of the page's URL. */
export type CompareChange = (changed: Readonly<Record<string, string | undefined>>, replace?: boolean) => void;

export function useCompareChange(): CompareChange {
  const navigate = useNavigate({ from: '/compare' });
  return (changed, replace = false) =>
    void navigate({ search: (prev) => ({ ...prev, ...changed }), replace, resetScroll: false });
}
