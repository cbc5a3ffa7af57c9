import { reason } from '../../shared/reasons.ts';
import type { ParsedInput, ProcedureOutput } from '../../contract/procedures.ts';
import type { FileReport } from '../../contract/verification.ts';
import { AnThuError } from '../../shared/errors.ts';
import type { EngineContext } from '../context.ts';
import { version } from '../version.ts';

interface Judged {
  readonly sha256: string;
  readonly checkedAt: string;
  readonly report: FileReport;
}

/** The printable sheet over the newest judgement of each file (docs: "Phiếu kiểm tra chữ ký số"). */
export async function verificationSheet(
  context: EngineContext,
  input: ParsedInput<'verification.sheet'>,
): Promise<ProcedureOutput<'verification.sheet'>> {
  const rows: Judged[] =
    'documentId' in input
      ? context.documents.checks(input.documentId)
      : context.intake.judgements(input.intakeId);
  const newest = [...new Map(rows.map((row) => [row.sha256, row])).values()];
  const last = rows.at(-1);
  if (!last) throw new AnThuError('general.not-found', { what: reason('thing.judgement') });
  const names = 'documentId' in input ? namesOf(context, input.documentId) : new Map<string, string>();
  const pdf = await context.worker.drawSheet(
    newest.map(({ sha256, report }) => ({ ...report, input: names.get(sha256) ?? report.input })),
    { checkedAt: new Date(last.checkedAt), software: `Ấn Thư ${version}` },
  );
  return { pdf };
}

/** A report names its file by hash; people know it by name. */
function namesOf(context: EngineContext, documentId: string): Map<string, string> {
  return new Map(context.documents.objects(documentId).map(({ sha256, name }) => [sha256, name]));
}
