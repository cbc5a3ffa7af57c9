import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { X509Certificate } from 'node:crypto';
import type { TokenService } from '../../core/ports/token-service.ts';
import { createTokenService, type TokenServiceOptions } from '../../native/token-host/client.ts';
import { copySoftHsm, createSoftHsm, type SoftHsm } from '../../scripts/lib/softhsm.ts';
import { isAlive, recordingSpawner, until } from '../token/harness.ts';
import { createMaterial, type Material } from '../token/material.ts';
import { createFaultToken, type FaultToken } from './fault-token.ts';

/** SoftHSM2 with an RSA key 01 and a P-256 key 03 behind misbehaving modules, and token services over them. */
export class FaultWorld {
  readonly folder = mkdtempSync(join(tmpdir(), 'an-thu-fault-'));
  readonly material: Material = createMaterial(this.folder);
  readonly certificates = new Map<string, X509Certificate>();
  readonly hsm: SoftHsm;
  readonly token: FaultToken;
  readonly spawners: ReturnType<typeof recordingSpawner>[] = [];
  readonly #services: TokenService[] = [];
  #copies = 0;

  constructor() {
    const keys = (
      [
        ['01', 'rsa:2048'],
        ['03', 'ec'],
      ] as const
    ).map(([id, kind]) => {
      const identity = this.material.identity(`Văn thư ${id}`, kind);
      this.certificates.set(id, new X509Certificate(identity.certificate));
      return { id, label: `khóa ${id}`, ...identity };
    });
    this.hsm = createSoftHsm({ folder: join(this.folder, 'hsm'), keys });
    this.token = createFaultToken(this.folder, this.hsm);
  }

  /** A further module over the same token, with orders of its own. */
  another(hsm: SoftHsm = this.hsm): FaultToken {
    return createFaultToken(this.folder, hsm, `fault-${++this.#copies}`);
  }

  /** A further module over a copy of the token: for what goes on at once. */
  apart(): FaultToken {
    const folder = join(this.folder, `hsm-${this.#copies + 1}`);
    return this.another({ ...this.hsm, env: copySoftHsm(this.hsm, folder) });
  }

  /** Puts a certificate on the token for a key that was made there. */
  addCertificate(id: string, label: string): void {
    const at = (name: string): string => join(this.folder, name);
    this.hsm.pkcs11Tool('--read-object', '--type', 'pubkey', '--id', id, '--output-file', at('public.der'));
    const certificate = this.material.certify(label, readFileSync(at('public.der')));
    this.certificates.set(id, new X509Certificate(certificate));
    writeFileSync(at('certificate.der'), certificate);
    this.hsm.pkcs11Tool(
      '--write-object',
      at('certificate.der'),
      '--type',
      'cert',
      '--id',
      id,
      '--label',
      label,
    );
  }

  open(
    options: Partial<TokenServiceOptions> = {},
    tokens: readonly FaultToken[] = [this.token],
    env?: Readonly<Record<string, string>>,
  ): TokenService {
    const spawner = recordingSpawner();
    this.spawners.push(spawner);
    const modules = tokens.map(({ modulePath }) => ({ path: modulePath, ...(env && { env }) }));
    const service = createTokenService({ spawner, modules, softTokens: [], ...options });
    this.#services.push(service);
    return service;
  }

  /** Process ids of all hosts ever started. */
  get pids(): number[] {
    return this.spawners.flatMap(({ handles }) =>
      handles.flatMap(({ pid }) => (pid === undefined ? [] : [pid])),
    );
  }

  /** Ends the services; no host may be left. The orders are taken back. */
  async endServices(): Promise<void> {
    for (const service of this.#services.splice(0)) service.close();
    await until(() => this.pids.every((pid) => !isAlive(pid)));
    this.spawners.length = 0;
    this.token.plug();
    this.token.order();
    this.token.forget();
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
