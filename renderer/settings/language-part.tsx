import { SegmentedControl } from '@mantine/core';
import type { Settings } from '../../core/contract/system.ts';
import { useMessages } from '../i18n/use-messages.ts';
import { Part } from './part.tsx';
import { useSave } from './use-save.ts';

/** Language of the window; takes effect at once. */
export function LanguagePart({ language }: { readonly language: Settings['language'] }) {
  const t = useMessages();
  const { save } = useSave();
  return (
    <Part title={t('settings.language')}>
      <div>
        <SegmentedControl
          size="xs"
          value={language}
          aria-label={t('settings.language')}
          onChange={(value) => save({ language: value === 'en' ? 'en' : 'vi' })}
          data={[
            { value: 'vi', label: 'Tiếng Việt' },
            { value: 'en', label: 'English' },
          ]}
        />
      </div>
    </Part>
  );
}
