import { MantineProvider } from '@mantine/core';
import { fireEvent, render, screen } from '@testing-library/react';
import { expect, test, vi } from 'vitest';
import { ScreenBoundary } from './screen-boundary.tsx';

test('a screen that breaks says so, says that data are safe, and can be tried again', () => {
  vi.spyOn(console, 'error').mockImplementation(() => undefined);
  let broken = true;
  function Fragile() {
    if (broken) throw new Error('kaputt');
    return <p>whole</p>;
  }
  render(
    <MantineProvider env="test">
      <ScreenBoundary>
        <Fragile />
      </ScreenBoundary>
    </MantineProvider>,
  );
  expect(screen.getByRole('alert').textContent).toMatch(/Màn hình này gặp lỗi.*không bị ảnh hưởng.*kaputt/);
  broken = false;
  fireEvent.click(screen.getByRole('button', { name: 'Thử lại' }));
  expect(screen.getByText('whole')).toBeTruthy();
});
