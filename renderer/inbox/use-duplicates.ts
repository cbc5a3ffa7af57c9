import { useDebouncedValue } from '@mantine/hooks';
import type { Arrival } from '../../core/contract/register.ts';
import { useProcedure } from '../engine/use-procedure.ts';
import type { ArrivalForm } from './arrival-form.ts';

/** Register entries with the same number, notation and issuer as the form (domain/vietnam.md §0.6). */
export function useDuplicates(form: ArrivalForm, enabled: boolean): readonly Arrival[] {
  const [asked] = useDebouncedValue(
    {
      docNumber: form.docNumber.trim(),
      docNotation: form.docNotation.trim(),
      issuer: form.issuer.trim(),
      docDate: form.docDate,
    },
    250,
  );
  const answer = useProcedure('register.duplicates', asked, {
    enabled: enabled && asked.issuer !== '' && (asked.docNumber !== '' || asked.docNotation !== ''),
    whileLoading: 'previous',
  });
  return answer.data?.rows ?? [];
}
