import { Button, NativeSelect, Radio, Stack, TextInput } from '@mantine/core';
import { useState } from 'react';
import type { Settings } from '../../core/contract/system.ts';
import type { TokenModule } from '../../core/contract/token.ts';
import { useMessages } from '../i18n/use-messages.ts';
import { keyName } from '../token/signing-key.ts';
import { Part } from './part.tsx';
import { useSave } from './use-save.ts';

interface Props {
  readonly signing: Settings['signing'];
  readonly modules: readonly TokenModule[];
}

/** Which key signs, and whether a timestamp is asked for. */
export function SigningPart({ signing, modules }: Props) {
  const t = useMessages();
  const { busy, save } = useSave();
  const [keyUri, setKeyUri] = useState(signing.keyUri ?? '');
  const [level, setLevel] = useState(signing.level);
  const [tsaUrl, setTsaUrl] = useState(signing.tsaUrl ?? '');
  const tokens = modules.flatMap((module) => module.tokens);
  const keys = tokens.flatMap((token) =>
    token.keys.map((key) => ({ value: key.uri, label: `${keyName(key)} – ${token.label}` })),
  );
  const absent = keyUri !== '' && !keys.some((key) => key.value === keyUri);
  return (
    <Part title={t('settings.signing')} about={t('settings.signing-about')}>
      <NativeSelect
        size="xs"
        label={t('settings.signing-key')}
        value={keyUri}
        onChange={(event) => setKeyUri(event.currentTarget.value)}
        data={[
          { value: '', label: t('settings.no-key') },
          ...(absent ? [{ value: keyUri, label: t('settings.key-absent', { uri: keyUri }) }] : []),
          ...keys,
        ]}
      />
      <Radio.Group
        size="xs"
        label={t('settings.level')}
        value={level}
        onChange={(value) => setLevel(value === 'B-T' ? 'B-T' : 'B-B')}
      >
        <Stack gap={6} mt={4}>
          <Radio size="xs" value="B-B" label={t('settings.level-bb')} />
          <Radio size="xs" value="B-T" label={t('settings.level-bt')} />
        </Stack>
      </Radio.Group>
      <TextInput
        size="xs"
        label={t('settings.tsa')}
        value={tsaUrl}
        disabled={level === 'B-B'}
        onChange={(event) => setTsaUrl(event.currentTarget.value)}
      />
      <div>
        <Button
          size="xs"
          loading={busy}
          onClick={() =>
            save({
              signing: { keyUri: keyUri || null, level, tsaUrl: tsaUrl.trim() === '' ? null : tsaUrl.trim() },
            })
          }
        >
          {t('action.save')}
        </Button>
      </div>
    </Part>
  );
}
