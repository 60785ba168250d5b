// One module, so that what floats is one file and there all at once.
export { Menu } from '@base-ui/react/menu';
export { Popover } from '@base-ui/react/popover';
export { Tooltip } from '@base-ui/react/tooltip';
