import { setImmediate as othersToo } from 'node:timers/promises';
import type { TakenAnswer } from '../../contract/sync.ts';
import type { ProcedureOutput } from '../../contract/procedures.ts';
import { AnThuError, asAnThuError, toErrorValue } from '../../shared/errors.ts';
import { failpoint } from '../../shared/failpoint.ts';
import {
  ANSWER_PREFIX,
  type AnswerManifest,
  answerManifestSchema,
  inboxFile,
} from '../../sync/media/format.ts';
import {
  copyPackageFile,
  findPackages,
  type FoundPackage,
  readPackage,
  requireSeal,
} from '../../sync/media/package-folder.ts';
import { type Receipt, sha256Hex } from '../../sync/protocol.ts';
import { checkReceipt } from '../../sync/receipt.ts';
import { refusalError } from '../../sync/refusal.ts';
import type { EngineContext } from '../context.ts';
import { takeBrought } from './inbound.ts';
import { bodyOf, mediaAccount } from './media-export.ts';
import { takeFailure, takeReceipt } from './operation-outcome.ts';

/**
 * Takes the answers that lie in `path` or directly below it. Receipts end operations and e-documents enter the inbox exactly as they do on
 * the line; whatever was known already changes nothing, in whatever order packages come. An answer that cannot be believed is
 * refused whole, before anything of it is used; a damaged e-document in one that can holds up nothing else.
 * Errors: `sync.media-none`, `sync.media-foreign`, `sync.media-unproven`, `sync.media-damaged`, {@link mediaAccount}.
 */
export async function importAnswers(
  context: EngineContext,
  path: string,
): Promise<ProcedureOutput<'sync.import'>> {
  const { office, secret } = mediaAccount(context);
  const folders = await findPackages(path, ANSWER_PREFIX);
  if (folders.length === 0) throw new AnThuError('sync.media-none', { path });
  const answers: TakenAnswer[] = [];
  const foreign: { path: string; officeId: string }[] = [];
  for (const folder of folders) {
    const taken = await takeOne(context, folder, { officeId: office.officeId, secret }).catch(
      (thrown: unknown) => asAnThuError(thrown),
    );
    if (!(taken instanceof AnThuError)) answers.push(taken);
    // One package among several does not hold up the others.
    else if (folder === path || folders.length === 1) throw taken;
    else if (taken.code === 'sync.media-foreign')
      foreign.push({ path: folder, officeId: String(taken.detail['officeId']) });
    else answers.push({ ...nothing(folder), outcome: 'partly', problems: [toErrorValue(taken)] });
  }
  return { answers, foreign };
}

const nothing = (path: string): Omit<TakenAnswer, 'outcome'> => ({
  path,
  answers: null,
  receipts: 0,
  refused: 0,
  fetched: 0,
  problems: [],
});

async function takeOne(
  context: EngineContext,
  folder: string,
  account: { officeId: string; secret: string },
): Promise<TakenAnswer> {
  const { media, database, audit, actor } = context;
  const found = await readPackage(folder, answerManifestSchema);
  const { manifest } = found;
  const { officeId } = manifest.office;
  if (officeId !== account.officeId) throw new AnThuError('sync.media-foreign', { path: folder, officeId });
  requireSeal(found, account.secret);
  const manifestSha256 = sha256Hex(found.bytes);
  const answers = manifest.answers?.sequence ?? null;
  if (media.wasTaken(manifest.packageId, manifestSha256))
    return { ...nothing(folder), answers, outcome: 'repeated' };
  const problems: AnThuError[] = [];
  const receipts = await takeReceipts(context, manifest.receipts, problems);
  // What was parked by this very answer, and put back by a person since, is not parked by it once more.
  const again = audit
    .ofActions([manifest.packageId], ['sync.imported'])
    .some(({ data }) => data['manifestSha256'] === manifestSha256);
  const refused = await takeRefusals(context, manifest, again ? 'known' : 'new', problems);
  await takeAcknowledged(context, manifest);
  const brought = await takeBrought(context, mediumOf(found), manifest.inbox);
  problems.push(...brought.problems);
  database.transaction(() => {
    if (problems.length === 0) media.taken(manifest.packageId, manifestSha256);
    if (manifest.answers) media.answered(manifest.answers.packageId);
    audit.append({
      actor,
      action: 'sync.imported',
      subject: manifest.packageId,
      data: {
        manifestSha256,
        answers,
        serverName: manifest.serverName,
        receipts,
        refused,
        fetched: brought.fetched,
        problems: problems.map(({ code }) => code),
      },
    });
  });
  return {
    path: folder,
    outcome: problems.length === 0 ? 'taken' : 'partly',
    answers,
    receipts,
    refused,
    fetched: brought.fetched,
    problems: problems.map((problem) => toErrorValue(problem)),
  };
}

/** Each receipt must name operation, body and object, as on the line. Returns how many ended an operation. */
async function takeReceipts(
  context: EngineContext,
  receipts: readonly Receipt[],
  problems: AnThuError[],
): Promise<number> {
  let taken = 0;
  for (const receipt of receipts) {
    // Each commit waits for the disk; the window and its timers have their turn between two.
    await othersToo();
    const { operationId } = receipt;
    const row = context.outbox.find(operationId);
    try {
      if (!row) throw new AnThuError('sync.media-unknown-operation', { operationId });
      if (row.state === 'acked') continue;
      const { kind, body, object } = bodyOf(row);
      checkReceipt(receipt, {
        kind,
        operationId,
        sha256: sha256Hex(body),
        objectSha256: object?.sha256 ?? null,
      });
    } catch (thrown) {
      problems.push(asAnThuError(thrown));
      continue;
    }
    failpoint('sync.receipt-received');
    takeReceipt(context, row, receipt);
    failpoint('sync.acknowledged');
    taken++;
    if (row.document_id) context.emit('document.changed', { id: row.document_id });
  }
  return taken;
}

/** A refusal parks its operation, unless it did so before, a receipt has come since or a later package carries it again. */
async function takeRefusals(
  context: EngineContext,
  manifest: AnswerManifest,
  refusals: 'known' | 'new',
  problems: AnThuError[],
): Promise<number> {
  let taken = 0;
  for (const refusal of manifest.refusals) {
    await othersToo();
    const row = context.outbox.find(refusal.operationId);
    if (!row) {
      problems.push(new AnThuError('sync.media-unknown-operation', { operationId: refusal.operationId }));
      continue;
    }
    const carriedLater = (row.media_sequence ?? 0) > (manifest.answers?.sequence ?? 0);
    if (refusals === 'known' || row.state === 'acked' || row.state === 'blocked' || carriedLater) continue;
    takeFailure(context, row, refusalError(refusal));
    taken++;
  }
  return taken;
}

/** The province knows what we hold: it need not be told again. */
async function takeAcknowledged({ inbox }: EngineContext, { acknowledged }: AnswerManifest): Promise<void> {
  for (const { id, sha256 } of acknowledged) {
    await othersToo();
    const known = inbox.received(id);
    if (known?.sha256 === sha256 && !known.acknowledged) inbox.acknowledged(id);
  }
}

/** The package as the one who fetches sees it. */
const mediumOf = ({ path }: FoundPackage<AnswerManifest>) => ({
  fetchPackage: ({ sha256, bytes }: { sha256: string; bytes: number }, toPath: string) =>
    copyPackageFile(path, inboxFile(sha256), { sha256, bytes }, toPath),
});
