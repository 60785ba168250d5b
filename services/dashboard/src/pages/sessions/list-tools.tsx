import { RangePicker } from '../../ui/range-picker.tsx';
import { ColumnPicker } from './column-picker.tsx';
import type { ColumnId } from './column-specs.ts';
import type { Picture } from './list-picture.ts';
import type { ChangePicture } from './use-picture.ts';
import { ViewsMenu } from './views-menu.tsx';

interface ListToolsProps {
  readonly picture: Picture;
  readonly change: ChangePicture;
  readonly columns: readonly ColumnId[];
  readonly onColumns: (columns: readonly ColumnId[]) => void;
}

/** Views, range and columns: what opens something over the list. */
export function ListTools({ picture, change, columns, onColumns }: ListToolsProps) {
  return (
    <>
      <ViewsMenu />
      <RangePicker value={picture.range} onChange={(range) => change({ range })} />
      <ColumnPicker columns={columns} onChoose={onColumns} />
    </>
  );
}
