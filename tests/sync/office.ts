import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Office } from '../../scripts/provincial-server/context.ts';
import { startProvincialServer, type ProvincialServer } from '../../scripts/provincial-server/server.ts';
import { asAnThuError } from '../../core/shared/errors.ts';
import type { ObjectToSend, ProvincialConnector } from '../../core/sync/connector.ts';
import { createHttpConnector } from '../../core/sync/http-connector.ts';
import { sha256Hex, type ArrivalRecord } from '../../core/sync/protocol.ts';

export const commune: Office = {
  officeId: 'xa-b',
  secret: 'secret-of-the-commune-b',
  organId: 'H99.01.02',
  organName: 'UBND xã B',
};
export const province: Office = {
  officeId: 'tinh-a',
  secret: 'secret-of-the-province-a',
  organId: 'H99',
  organName: 'UBND tỉnh A',
};

export interface World {
  readonly dir: string;
  readonly server: ProvincialServer;
  readonly connector: ProvincialConnector;
  connectAs(office: Office, secret?: string): ProvincialConnector;
  /** Writes a file and says what it is. */
  object(content: Uint8Array | string, name?: string): ObjectToSend;
  end(): Promise<void>;
}

/** A province on loopback and a commune that talks to it, in a folder of their own. */
export async function startWorld(): Promise<World> {
  const dir = mkdtempSync(join(tmpdir(), 'an-thu-sync-'));
  const server = await startProvincialServer({ dir: join(dir, 'province'), offices: [commune, province] });
  const connectAs = (office: Office, secret = office.secret) =>
    createHttpConnector({ baseUrl: server.url, officeId: office.officeId, secret, deadlineMs: 2000 });
  let files = 0;
  return {
    dir,
    server,
    connector: connectAs(commune),
    connectAs,
    object(content, name) {
      const bytes = Buffer.from(content);
      const path = join(dir, name ?? `file-${++files}.pdf`);
      writeFileSync(path, bytes);
      return { sha256: sha256Hex(bytes), path, bytes: bytes.length };
    },
    async end() {
      await server.close();
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

/** Số đến `number` of the commune's register, whose sealed PDF is `object`. */
export function arrivalRecord(operationId: string, number: number, object: ObjectToSend): ArrivalRecord {
  return {
    version: 1,
    operationId,
    action: 'register',
    office: { officeId: commune.officeId, organId: commune.organId, organName: commune.organName },
    register: { code: 'VBD', year: 2026 },
    arrivalNumber: number,
    arrivalSuffix: '',
    arrivalDate: '2026-11-20',
    typeName: 'Công văn',
    codeNumber: '05',
    codeNotation: 'UBND-VP',
    issuedDate: '2026-11-19',
    organName: 'UBND tỉnh A',
    organId: 'H99',
    subject: 'Về việc kiểm tra công tác văn thư',
    language: 'Tiếng Việt',
    pageAmount: 1,
    description: '',
    signer: { position: 'CHỦ TỊCH', fullName: 'Nguyễn Văn A', competence: 'TM. ỦY BAN NHÂN DÂN' },
    urgency: 'thuong',
    toPlaces: 'Văn phòng',
    opinions: [],
    dueDate: null,
    fileCode: null,
    docOrdinal: null,
    confidenceLevel: '02',
    object: { sha256: object.sha256, bytes: object.bytes, mediaType: 'application/pdf' },
    originalSha256: null,
    voidReason: null,
    registeredAt: '2026-11-20T09:00:00+07:00',
    registeredBy: 'Trần Thị C',
  };
}

/** The code of the error that a promise ends with; fails when it does not. */
export async function codeOf(promise: Promise<unknown>): Promise<string> {
  try {
    await promise;
  } catch (thrown) {
    return asAnThuError(thrown).code;
  }
  throw new Error('expected an error');
}
