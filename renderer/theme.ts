import { createTheme, Kbd, Modal, Tooltip, type MantineColorsTuple } from '@mantine/core';

/** Deep red of the seal (son). */
const son: MantineColorsTuple = [
  '#fcf3f2',
  '#f6e1df',
  '#ecc1bd',
  '#e09d97',
  '#d57c74',
  '#c4544b',
  '#ad362f',
  '#961f1c',
  '#811818',
  '#6a1213',
];

/** Gold, for the thin lines only. */
const gold: MantineColorsTuple = [
  '#fdf8ea',
  '#f8edcd',
  '#efd99a',
  '#e6c566',
  '#deb43f',
  '#c99a22',
  '#a87d14',
  '#86620d',
  '#684b08',
  '#4c3604',
];

/** Dense and calm: small type, small controls, one accent. */
export const theme = createTheme({
  primaryColor: 'son',
  primaryShade: 7,
  colors: { son, gold },
  fontFamily: "'Be Vietnam Pro', 'Segoe UI', sans-serif",
  fontFamilyMonospace: "ui-monospace, 'Cascadia Mono', 'DejaVu Sans Mono', monospace",
  fontSizes: { xs: '0.75rem', sm: '0.8125rem', md: '0.875rem', lg: '1rem', xl: '1.125rem' },
  headings: { fontWeight: '600' },
  defaultRadius: 'sm',
  cursorType: 'pointer',
  components: {
    Kbd: Kbd.extend({ defaultProps: { size: 'xs' } }),
    Modal: Modal.extend({ defaultProps: { centered: true, overlayProps: { backgroundOpacity: 0.4 } } }),
    Tooltip: Tooltip.extend({ defaultProps: { openDelay: 400, withArrow: true } }),
  },
});
