import { cleanup } from '@testing-library/react';
import { afterEach, vi } from 'vitest';

// Parts of a browser that happy-dom lacks and Mantine asks for.
vi.stubGlobal(
  'ResizeObserver',
  class {
    observe(): void {}
    unobserve(): void {}
    disconnect(): void {}
  },
);
window.matchMedia ??= vi.fn((query: string) => ({
  matches: false,
  media: query,
  addEventListener: () => undefined,
  removeEventListener: () => undefined,
})) as unknown as typeof window.matchMedia;
Element.prototype.scrollIntoView ??= () => undefined;

afterEach(cleanup);
