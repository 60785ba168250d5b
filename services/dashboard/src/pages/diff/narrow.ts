/** Where there is no room for A beside B in columns of their own; `diff.module.css` has the same. */
export const NARROW = '(max-width: 480px)';
