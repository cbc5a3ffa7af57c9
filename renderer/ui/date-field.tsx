import { TextInput, type TextInputProps } from '@mantine/core';
import { useState } from 'react';
import { parseTypedDate, showDate } from '../format/date.ts';
import { useMessages } from '../i18n/use-messages.ts';

interface Props extends Omit<TextInputProps, 'value' | 'onChange' | 'defaultValue'> {
  /** `yyyy-MM-dd` or null. */
  readonly value: string | null;
  readonly onChange: (value: string | null) => void;
}

/** A date typed as dd/MM/yyyy. The text is put in order when the field is left, never while typing. */
export function DateField({ value, onChange, error, onBlur, ...rest }: Props) {
  const t = useMessages();
  // What is being typed; null while the field shows its value in order.
  const [typing, setTyping] = useState<string | null>(null);
  const text = typing ?? showDate(value);
  const wrong = text.trim() !== '' && parseTypedDate(text) === null;
  return (
    <TextInput
      {...rest}
      value={text}
      placeholder={t('form.date-placeholder')}
      inputMode="numeric"
      error={wrong ? t('form.date-wrong') : error}
      onChange={(event) => {
        const next = event.currentTarget.value;
        setTyping(next);
        const date = parseTypedDate(next);
        if (date !== null) onChange(date);
        else if (next.trim() === '') onChange(null);
      }}
      onBlur={(event) => {
        if (!wrong) setTyping(null);
        onBlur?.(event);
      }}
    />
  );
}
