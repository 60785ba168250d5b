import { useQuery } from '@tanstack/react-query';
import { useNavigate, useRouterState } from '@tanstack/react-router';
import { Bookmark } from 'lucide-react';
import { Suspense, useState } from 'react';
import { api, dataOf } from '../../api/client.ts';
import { visibleText } from '../../format/visible-text.ts';
import { Button } from '../../ui/button.tsx';
import { lazyPart } from '../../ui/lazy-part.ts';
import { Menu, MenuGroup, MenuItem, MenuSeparator } from '../../ui/menu.tsx';
import { failureSentence } from '../../ui/states.tsx';

const ViewsDialog = lazyPart(() => import('./views-dialog.tsx').then((part) => part.ViewsDialog));

export function useViews() {
  return useQuery({
    queryKey: ['views'],
    queryFn: ({ signal }) => dataOf(api().GET('/v1/views', { signal })),
  });
}

/** Named places of the dashboard, which everybody with a key of this tenant has. */
export function ViewsMenu() {
  const navigate = useNavigate();
  const here = useRouterState({ select: ({ location }) => location.href });
  const { data: views, error } = useViews();
  const [isOpen, setOpen] = useState(false);
  const at = views?.find(({ url }) => url === here);
  return (
    <>
      <Menu
        trigger={
          <Button>
            <Bookmark size={14} aria-hidden />
            {at ? <bdi>{visibleText(at.name)}</bdi> : 'Views'}
          </Button>
        }
      >
        <MenuGroup label={views?.length === 0 ? 'No saved views yet' : 'Saved views'}>
          {views?.map(({ id, name, url }) => (
            <MenuItem key={id} onClick={() => void navigate({ href: url })}>
              <bdi className="truncate">{visibleText(name)}</bdi>
              {url === here && <span className="quiet">shown</span>}
            </MenuItem>
          ))}
          {error && <MenuItem disabled>{failureSentence(error)}</MenuItem>}
        </MenuGroup>
        <MenuSeparator />
        <MenuItem onClick={() => setOpen(true)}>Save and arrange…</MenuItem>
      </Menu>
      <Suspense>{isOpen && <ViewsDialog here={here} onClose={() => setOpen(false)} />}</Suspense>
    </>
  );
}
