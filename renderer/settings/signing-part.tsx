import { Button, Checkbox, Radio, Stack, TextInput } from '@mantine/core';
import { useState } from 'react';
import { padesLevels } from '../../core/contract/pades-levels.ts';
import type { Settings } from '../../core/contract/system.ts';
import { useMessages } from '../i18n/use-messages.ts';
import { KeyChoice } from './key-choice.tsx';
import { Part } from './part.tsx';
import { useSave } from './use-save.ts';

interface Props {
  readonly signing: Settings['signing'];
}

/** Which key signs, and whether a timestamp is asked for. */
export function SigningPart({ signing }: Props) {
  const t = useMessages();
  const { busy, save } = useSave();
  const [keyUri, setKeyUri] = useState(signing.keyUri ?? '');
  const [level, setLevel] = useState(signing.level);
  const [sending, setSending] = useState(signing.sending);
  const [arrivalStamp, setArrivalStamp] = useState(signing.arrivalStamp);
  const [tsaUrl, setTsaUrl] = useState(signing.tsaUrl ?? '');
  return (
    <Part title={t('settings.signing')} about={t('settings.signing-about')}>
      <KeyChoice keyUri={keyUri} onChange={setKeyUri} />
      <Radio.Group
        size="xs"
        label={t('settings.level')}
        value={level}
        onChange={(value) => setLevel(padesLevels.find((known) => known === value) ?? 'B-B')}
      >
        <Stack gap={6} mt={4}>
          <Radio size="xs" value="B-B" label={t('settings.level-bb')} />
          <Radio size="xs" value="B-T" label={t('settings.level-bt')} />
          <Radio size="xs" value="B-LT" label={t('settings.level-blt')} />
          <Radio size="xs" value="B-LTA" label={t('settings.level-blta')} />
        </Stack>
      </Radio.Group>
      <TextInput
        size="xs"
        label={t('settings.tsa')}
        value={tsaUrl}
        disabled={level === 'B-B'}
        onChange={(event) => setTsaUrl(event.currentTarget.value)}
      />
      <Radio.Group
        size="xs"
        label={t('settings.sending')}
        value={sending}
        onChange={(value) => setSending(value === 'wait-for-level' ? 'wait-for-level' : 'at-once')}
      >
        <Stack gap={6} mt={4}>
          <Radio size="xs" value="at-once" disabled={level === 'B-B'} label={t('settings.sending-at-once')} />
          <Radio
            size="xs"
            value="wait-for-level"
            disabled={level === 'B-B'}
            label={t('settings.sending-wait')}
          />
        </Stack>
      </Radio.Group>
      <Checkbox
        size="xs"
        label={t('settings.arrival-stamp')}
        description={t('settings.arrival-stamp-about')}
        checked={arrivalStamp === 'draw'}
        onChange={(event) => setArrivalStamp(event.currentTarget.checked ? 'draw' : 'none')}
      />
      <div>
        <Button
          size="xs"
          loading={busy}
          onClick={() =>
            save({
              signing: {
                keyUri: keyUri || null,
                level,
                sending,
                arrivalStamp,
                tsaUrl: tsaUrl.trim() === '' ? null : tsaUrl.trim(),
              },
            })
          }
        >
          {t('action.save')}
        </Button>
      </div>
    </Part>
  );
}
