import { NativeSelect, Textarea, TextInput } from '@mantine/core';
import { useEffect, useRef, type ReactNode } from 'react';
import type { TokenEntry } from '../../core/contract/token-register.ts';
import { useMessages } from '../i18n/use-messages.ts';
import { purposeWords } from './entry-words.ts';

/** What the office itself writes down about a certificate, and may change later. */
export type EntryWords = Pick<TokenEntry, 'name' | 'purpose' | 'note'>;

interface Props {
  readonly value: EntryWords;
  readonly onChange: (value: EntryWords) => void;
  /** The name is empty, and somebody has tried to go on. */
  readonly nameMissing: boolean;
  /** Further fields, below the name. */
  readonly children?: ReactNode;
}

/** Tên gọi, mục đích, ghi chú: the same when a certificate is entered and when its line is changed. */
export function EntryFields({ value, onChange, nameMissing, children }: Props) {
  const t = useMessages();
  const first = useRef<HTMLInputElement>(null);
  // The dialog looks for what to focus when it opens; what is plugged in may be known only later.
  useEffect(() => first.current?.focus(), []);
  return (
    <>
      <TextInput
        ref={first}
        data-autofocus
        size="xs"
        required
        label={t('token-register.name')}
        description={t('token-register.name-about')}
        value={value.name}
        maxLength={200}
        error={nameMissing ? t('token-register.name-required') : null}
        onChange={(event) => onChange({ ...value, name: event.currentTarget.value })}
      />
      {children}
      <NativeSelect
        size="xs"
        label={t('token-register.purpose')}
        value={value.purpose}
        onChange={(event) =>
          onChange({ ...value, purpose: event.currentTarget.value === 'agency' ? 'agency' : 'person' })
        }
        data={[
          { value: 'agency', label: t(purposeWords.agency) },
          { value: 'person', label: t(purposeWords.person) },
        ]}
      />
      <Textarea
        size="xs"
        label={t('token-register.note')}
        value={value.note}
        maxLength={1000}
        autosize
        minRows={2}
        onChange={(event) => onChange({ ...value, note: event.currentTarget.value })}
      />
    </>
  );
}
