import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { AnThuError } from '../../core/shared/errors.ts';
import { parseEdxml } from '../../core/sync/edxml/parse.ts';
import { checkAgainstSchema } from '../../core/sync/edxml/schema-check.ts';
import { defaultCaps, type EdxmlPackage, type EdxmlStatus } from '../../core/sync/edxml/types.ts';
import { arrivalRecordSchema, operationIdSchema, sha256Hex } from '../../core/sync/protocol.ts';
import { answer, authorise, type Office, type ServerContext } from './context.ts';
import { discard, publish, receiveWhole } from './files.ts';
import type { Delivery } from './ledger.ts';
import { ServerError } from './server-error.ts';

const paramsSchema = z.object({ operationId: operationIdSchema });

function announcedHash(request: FastifyRequest): string | undefined {
  const value = request.headers['x-content-sha256'];
  return typeof value === 'string' ? value : undefined;
}

/** Folder of accepted packages and statuses, named by hash. */
export function packageFolder(context: ServerContext): string {
  return join(context.dir, 'packages');
}

/** Checks outside XML by our schema and reads it; attachments are decoded to a scratch folder and dropped. */
export function inspectEdxml(context: ServerContext, path: string): EdxmlPackage | EdxmlStatus {
  const scratchRoot = join(context.dir, 'scratch');
  mkdirSync(scratchRoot, { recursive: true });
  const scratch = mkdtempSync(join(scratchRoot, 'edxml-'));
  try {
    const bytes = readFileSync(path);
    checkAgainstSchema(bytes, context.xsd);
    return parseEdxml(bytes, { outDir: scratch });
  } catch (thrown) {
    if (thrown instanceof AnThuError) {
      throw new ServerError('invalid-edxml', String(thrown.detail['reason'] ?? thrown.code));
    }
    throw thrown;
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

function deliveriesOfPackage(
  context: ServerContext,
  from: Office,
  parsed: EdxmlPackage,
  file: { sha256: string; bytes: number },
): Delivery[] {
  if (parsed.from.organId !== from.organId) {
    throw new ServerError('wrong-office', `Đơn vị gửi ${parsed.from.organId} không phải chủ tài khoản.`);
  }
  const organs = [...new Set(parsed.to.map((to) => to.organId))];
  return organs.map((organId) => {
    const office = context.offices.find((o) => o.organId === organId);
    if (!office) throw new ServerError('unknown-receiver', `Đơn vị nhận ${organId} không tồn tại.`);
    return { officeId: office.officeId, kind: 'package', documentId: parsed.documentId, ...file };
  });
}

function deliveriesOfStatus(
  context: ServerContext,
  from: Office,
  parsed: EdxmlStatus,
  file: { sha256: string; bytes: number },
): Delivery[] {
  if (parsed.from.organId !== from.organId) {
    throw new ServerError('wrong-office', `Đơn vị gửi ${parsed.from.organId} không phải chủ tài khoản.`);
  }
  const { documentId } = parsed.responseFor;
  const organId = parsed.responseFor.organId || (documentId.split(',')[0] ?? '');
  const office = context.offices.find((o) => o.organId === organId);
  return office ? [{ officeId: office.officeId, kind: 'status', documentId, ...file }] : [];
}

/** Arrival records (JSON), edXML packages and statuses (XML): each once per operation id, receipt after the fsync. */
export function operationRoutes(app: FastifyInstance, context: ServerContext): void {
  app.put('/v1/arrival-records/:operationId', async (request, reply) => {
    const office = authorise(context, request);
    const { operationId } = paramsSchema.parse(request.params);
    if (!Buffer.isBuffer(request.body)) throw new ServerError('invalid-body', 'Cần nội dung JSON.');
    const body = request.body.toString('utf8');
    const sha256 = sha256Hex(request.body);
    if (announcedHash(request) !== sha256) throw new ServerError('hash-mismatch', 'Nội dung bị sai lệch.');
    const before = context.ledger.replay(office.officeId, operationId, 'arrival-record', sha256);
    if (before) return answer(context, request, reply, 200, before);
    const record = arrivalRecordSchema.parse(JSON.parse(body));
    if (record.operationId !== operationId) throw new ServerError('invalid-body', 'Mã thao tác không khớp.');
    if (record.office.officeId !== office.officeId || record.office.organId !== office.organId) {
      throw new ServerError('wrong-office', 'Bản ghi không thuộc tài khoản này.');
    }
    if (!context.ledger.hasObject(office.officeId, record.object.sha256, record.object.bytes)) {
      throw new ServerError('object-missing', 'Chưa có tệp PDF của bản ghi trên máy chủ.');
    }
    const receipt = context.ledger.store(office.officeId, operationId, sha256, {
      kind: 'arrival-record',
      record,
      body,
    });
    return answer(context, request, reply, 201, receipt);
  });

  for (const { path, kind } of [
    { path: 'edxml', kind: 'edxml' },
    { path: 'statuses', kind: 'status' },
  ] as const) {
    app.put(`/v1/${path}/:operationId`, async (request, reply) => {
      const office = authorise(context, request);
      const { operationId } = paramsSchema.parse(request.params);
      const scratch = join(context.dir, 'scratch');
      const file = await receiveWhole(scratch, defaultCaps.packageBytes, request.raw);
      try {
        if (file.broken) throw new ServerError('invalid-body', 'Dữ liệu bị ngắt hoặc quá lớn.');
        const { sha256, bytes } = file;
        if (announcedHash(request) !== sha256)
          throw new ServerError('hash-mismatch', 'Nội dung bị sai lệch.');
        const before = context.ledger.replay(office.officeId, operationId, kind, sha256);
        if (before) return await answer(context, request, reply, 200, before);
        const parsed = inspectEdxml(context, file.path);
        const effect =
          kind === 'edxml' && parsed.kind === 'package'
            ? {
                kind,
                package: parsed,
                deliveries: deliveriesOfPackage(context, office, parsed, { sha256, bytes }),
              }
            : kind === 'status' && parsed.kind === 'status'
              ? {
                  kind,
                  status: parsed,
                  deliveries: deliveriesOfStatus(context, office, parsed, { sha256, bytes }),
                }
              : undefined;
        if (!effect) throw new ServerError('invalid-edxml', `Đây là ${parsed.kind}, sai địa chỉ.`);
        publish(file.path, packageFolder(context), `${sha256}.edxml`);
        const receipt = context.ledger.store(office.officeId, operationId, sha256, effect);
        return await answer(context, request, reply, 201, receipt);
      } finally {
        await discard(file.path);
      }
    });
  }
}
