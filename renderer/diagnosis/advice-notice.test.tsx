import { MantineProvider } from '@mantine/core';
import { render, screen } from '@testing-library/react';
import { expect, test } from 'vitest';
import type { Advice } from '../../core/contract/token-diagnosis.ts';
import { LanguageContext } from '../i18n/use-language.ts';
import { AdviceNotice } from './advice-notice.tsx';

const advice: Advice = {
  code: 'token.pin-locked',
  weight: 'problem',
  text: 'câu của máy',
  detail: { token: 'UBND' },
};

test.each([
  ['vi', /Mã PIN của thiết bị «UBND» đã bị khóa/],
  ['en', /The PIN of token “UBND” is locked/],
] as const)('what to do is said in the language of the window: %s', (language, words) => {
  render(
    <MantineProvider env="test">
      <LanguageContext value={language}>
        <AdviceNotice advice={advice} />
      </LanguageContext>
    </MantineProvider>,
  );
  expect(screen.getByText(words)).toBeTruthy();
});
