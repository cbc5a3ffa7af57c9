import { TextInput, type TextInputProps } from '@mantine/core';
import { useEffect, useState } from 'react';
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
  const [text, setText] = useState(showDate(value));
  const typed = text.trim() === '' ? null : parseTypedDate(text);
  const wrong = text.trim() !== '' && typed === null;
  useEffect(() => {
    setText((current) => (parseTypedDate(current) === value && value !== null ? current : showDate(value)));
  }, [value]);
  return (
    <TextInput
      {...rest}
      value={text}
      placeholder={t('form.date-placeholder')}
      inputMode="numeric"
      error={wrong ? t('form.date-wrong') : error}
      onChange={(event) => {
        const next = event.currentTarget.value;
        setText(next);
        const date = parseTypedDate(next);
        if (date !== null) onChange(date);
      }}
      onBlur={(event) => {
        if (text.trim() === '') onChange(null);
        else if (typed !== null) setText(showDate(typed));
        onBlur?.(event);
      }}
    />
  );
}
