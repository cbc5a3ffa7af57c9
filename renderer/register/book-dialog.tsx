import { Button, Group, Modal, NativeSelect, Stack, TextInput } from '@mantine/core';
import { IconFileSpreadsheet, IconPrinter } from '@tabler/icons-react';
import { useState } from 'react';
import { z } from 'zod';
import { useEngine } from '../engine/engine-context.ts';
import { showCount } from '../format/number.ts';
import { useMessages } from '../i18n/use-messages.ts';
import { ErrorNotice } from '../ui/error-notice.tsx';
import { notifyDone } from '../ui/notify.ts';

interface Props {
  readonly registerId: string;
  /** Years with entries, newest first; at least one. */
  readonly years: readonly number[];
  readonly onClose: () => void;
}

/** What the shell answers when a book was written. */
const writtenSchema = z
  .object({ entries: z.number(), first: z.string(), last: z.string(), pages: z.number().optional() })
  .nullable();

type Kind = 'print' | 'export';

/** What is typed, in this order. */
const fields = [
  { name: 'fromNumber', label: 'book.from-number', maxLength: 6, inputMode: 'numeric' },
  { name: 'toNumber', label: 'book.to-number', maxLength: 6, inputMode: 'numeric' },
  { name: 'volume', label: 'book.volume', maxLength: 20, inputMode: 'text' },
] as const;

/** Chooses a year, a range of numbers and a volume, and has the register printed or exported to a file. */
export function BookDialog({ registerId, years, onClose }: Props) {
  const t = useMessages();
  const { shell } = useEngine();
  const [year, setYear] = useState(years[0] ?? 0);
  const [typed, setTyped] = useState({ fromNumber: '', toNumber: '', volume: '' });
  const [busy, setBusy] = useState<Kind | null>(null);
  const [error, setError] = useState<Error | null>(null);
  const wrong = fields.filter(({ name, inputMode }) => inputMode === 'numeric' && !isNumber(typed[name]));

  async function save(kind: Kind): Promise<void> {
    if (wrong.length > 0) return;
    setBusy(kind);
    setError(null);
    try {
      const [fromNumber, toNumber] = [typed.fromNumber, typed.toNumber].map(numberOf);
      const range = { registerId, year, fromNumber, toNumber };
      const written = writtenSchema.parse(
        await shell.saveBook?.({ kind, range, volume: typed.volume.trim() }),
      );
      if (written === null) return;
      const { entries, first, last, pages } = written;
      const values = { n: showCount(entries), first, last };
      notifyDone(
        pages === undefined
          ? t('book.csv-done', values)
          : t('book.pdf-done', { ...values, pages: showCount(pages) }),
      );
      onClose();
    } catch (thrown) {
      setError(thrown instanceof Error ? thrown : new Error(String(thrown)));
    } finally {
      setBusy(null);
    }
  }

  return (
    <Modal
      opened
      onClose={onClose}
      title={t('book.title')}
      closeButtonProps={{ 'aria-label': t('action.close') }}
      transitionProps={{ duration: 0 }}
    >
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void save('print');
        }}
      >
        <Stack gap="sm">
          <p style={{ margin: 0 }}>{t('book.about')}</p>
          <NativeSelect
            data-autofocus
            size="xs"
            label={t('register.year')}
            value={String(year)}
            onChange={(event) => setYear(Number(event.currentTarget.value))}
            data={years.map((value) => ({ value: String(value), label: String(value) }))}
          />
          <Group grow align="start" gap="sm">
            {fields.map((field) => (
              <TextInput
                key={field.name}
                size="xs"
                label={t(field.label)}
                value={typed[field.name]}
                maxLength={field.maxLength}
                inputMode={field.inputMode}
                error={wrong.includes(field) ? t('book.number-wrong') : null}
                onChange={(event) => setTyped({ ...typed, [field.name]: event.currentTarget.value })}
              />
            ))}
          </Group>
          {error && <ErrorNotice error={error} />}
          <Group justify="flex-end" gap="xs">
            <Button size="xs" variant="default" onClick={onClose}>
              {t('action.cancel')}
            </Button>
            <Button
              size="xs"
              variant="default"
              leftSection={<IconFileSpreadsheet size={15} aria-hidden />}
              loading={busy === 'export'}
              disabled={busy === 'print'}
              onClick={() => void save('export')}
            >
              {t('book.csv')}
            </Button>
            <Button
              size="xs"
              type="submit"
              leftSection={<IconPrinter size={15} aria-hidden />}
              loading={busy === 'print'}
              disabled={busy === 'export'}
            >
              {t('book.pdf')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}

/** A số đến as typed, or nothing. */
const isNumber = (text: string): boolean => /^\s*([1-9][0-9]*)?\s*$/.test(text);

const numberOf = (text: string): number | undefined => (text.trim() === '' ? undefined : Number(text));
