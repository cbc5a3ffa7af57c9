import { expect, test } from 'vitest';
import { ChosenLanguage } from '../../electron/chosen-language.ts';
import { sampleAnswers } from '../../renderer/testing/sample-answers.ts';

const settings = sampleAnswers()['settings.get']!({} as never) as object;

test('the shell speaks Vietnamese until the engine has told, then as the settings say, and so on while it is away', async () => {
  const answers = [
    () => Promise.reject(new Error('not started')),
    () => Promise.resolve({ ...settings, language: 'en' }),
    () => Promise.reject(new Error('died')),
    () => Promise.resolve({ language: 'no settings' }),
    () => Promise.resolve({ ...settings, language: 'vi' }),
  ];
  const language = new ChosenLanguage(() => answers.shift()!());
  const spoken: string[] = [];
  while (answers.length > 0) spoken.push(await language.now());
  expect(spoken).toEqual(['vi', 'en', 'en', 'en', 'vi']);
});
