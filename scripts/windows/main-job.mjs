// The demo's main job with `an-thu` as win32: the office's program runs under Wine; the sample scans, the PKI, the
// time-stamp authority, ClamAV and the reference provincial server on this side. What came out is judged from here, by
// programs that are not ours.
import { createHash, createPrivateKey } from 'node:crypto';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { foreignOpinions } from '../demo/foreign-check.ts';
import { demoAgency, demoSender, DEMO_PIN } from '../demo/workplace.ts';
import { eicarBytes, findClamd, startDemoClamd } from '../lib/clamd.ts';
import { createDemoPki, startDemoOcsp, startDemoTsa } from '../pki/index.ts';
import { startProvincialServer } from '../provincial-server/server.ts';
import { makeSampleScans } from '../samples/index.ts';
import { vietnamDate } from '../../core/shared/clock.ts';
import { readCertificates } from '../../core/trust/certificate.ts';
import { runChecklist } from './checklist.mjs';
import { windowsNode } from './parts.mjs';
import { places, winPath } from './places.mjs';
import { linuxPath } from './tool-server.mjs';
import { runUnderWine } from './wine.mjs';

const system32 = join(places.prefix, 'drive_c', 'windows', 'system32');
const OFFICE_ID = 'hoa-thinh';
const SECRET = 'a secret of the sample office';

/** A file of this machine as a URI that Windows understands. */
const winUri = (path) => `file:///Z:${encodeURI(path)}`;

/** A big number of a JSON Web Key in hex digits. */
const hexOf = (text) => Buffer.from(text, 'base64url').toString('hex');

/**
 * Puts the small token with the agency's key where the government's token has its library (domain/vietnam.md §6.3).
 *
 * @returns its Windows path
 */
function plugToken(pki, module) {
  const library = join(system32, 'bit4xpki.dll');
  cpSync(module, library);
  const folder = `${library}.d`;
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder);
  const [certificate] = readCertificates(readFileSync(pki.agency.certificate));
  const key = createPrivateKey(readFileSync(pki.agency.key)).export({ format: 'jwk' });
  writeFileSync(join(folder, 'token.crt'), certificate.der);
  writeFileSync(join(folder, 'token.key'), `${hexOf(key.n)}\n${hexOf(key.d)}\n`);
  writeFileSync(join(folder, 'token.pin'), DEMO_PIN);
  return 'C:\\windows\\system32\\bit4xpki.dll';
}

/** The program as it is delivered (built with esbuild), with `--json`; its exit status and its document. */
async function anThu(...args) {
  const entry = winPath(join(places.project, 'build', 'an-thu.mjs'));
  const { status, stdout, stderr } = await runUnderWine(windowsNode, [entry, ...args, '--json']);
  try {
    return { status, document: JSON.parse(stdout) };
  } catch {
    return { status, document: undefined, words: `${stdout}${stderr}` };
  }
}

const sha256 = (path) => createHash('sha256').update(readFileSync(path)).digest('hex');

/** Everything outside the office. */
async function startOutside(root) {
  const pki = await createDemoPki(join(root, 'pki'), {
    agencyName: demoAgency.name,
    organId: demoAgency.organId,
    senderName: demoSender.name,
    senderOrganId: demoSender.organId,
    leader: { name: 'Trần Văn Minh', title: 'Phó Chủ tịch' },
    pin: DEMO_PIN,
  });
  const tsa = await startDemoTsa(pki, { port: 0 });
  const ocsp = await startDemoOcsp(pki);
  const server = await startProvincialServer({
    dir: join(root, 'province'),
    port: 0,
    offices: [
      { officeId: OFFICE_ID, secret: SECRET, organId: demoAgency.organId, organName: demoAgency.name },
    ],
  });
  // Windows has no Unix sockets of ClamAV: it is asked over TCP there.
  const clamd = findClamd()
    ? await startDemoClamd(join(root, 'clamd'), { signatures: 'eicar-only', listen: 'tcp' })
    : null;
  return {
    pki,
    tsa,
    server,
    clamd,
    stop: async () => {
      await clamd?.stop();
      await server.close();
      await ocsp.close();
      await tsa.close();
    },
  };
}

/** One office from `agency init` to the receipt. `check` takes each thing that must hold. */
async function runOffice({ name, root, outside, scan, token, dataDir, check }) {
  const { pki, tsa, server, clamd } = outside;
  const office = join(root, name);
  const scanFolder = join(office, 'máy quét');
  mkdirSync(scanFolder, { recursive: true });
  writeFileSync(join(office, 'server-secret'), SECRET);
  const agency = {
    agency: { ...demoAgency, demo: true },
    registers: [{ name: 'Sổ văn bản đến' }],
    settings: {
      clerkName: 'Lê Thị Mai (văn thư mẫu)',
      watchedFolders: [{ path: 'máy quét', polling: false }],
      scanner: clamd ? { mode: 'clamd', host: clamd.host, port: clamd.port } : { mode: 'left-out' },
      signing: { keyUri: token.keyUri, level: 'B-T', tsaUrl: tsa.url, ...token.settings },
      sync: { serverUrl: server.url, officeId: OFFICE_ID, everySeconds: 30 },
      settle: { quietMs: 400, incompleteAfterMs: 8_000 },
    },
    anchors: ['..\\pki\\' + pki.rootPath.split('/').pop()],
    tsaAnchors: [winPath(pki.rootPath)],
    certificates: [winPath(pki.issuingPath)],
    serverSecretFile: 'server-secret',
  };
  writeFileSync(join(office, 'agency.json'), JSON.stringify(agency));
  const where = dataDir === null ? [] : ['--data', dataDir];
  const init = await anThu('agency', 'init', '--file', winPath(join(office, 'agency.json')), ...where);
  check('agency init', init.status === 0, init);

  const infected = join(office, 'thư có vi-rút.pdf');
  if (clamd) writeFileSync(infected, eicarBytes());
  const job = {
    dataDir,
    scanFolder: winPath(scanFolder),
    keyUri: token.keyUri,
    pin: DEMO_PIN,
    letter: winPath(scan.path),
    infected: clamd ? winPath(infected) : null,
  };
  const [jobFile, resultFile] = [join(office, 'job.json'), join(office, 'result.json')];
  writeFileSync(jobFile, JSON.stringify(job));
  const script = winPath(join(places.project, 'scripts', 'windows', 'office-job.ts'));
  const ran = await runUnderWine(windowsNode, [script, winPath(jobFile), winPath(resultFile)], {
    deadlineMs: 600_000,
  });
  check('the clerk’s part runs to its end', ran.status === 0, ran.stderr.slice(-2000));
  if (ran.status !== 0) return undefined;
  const result = JSON.parse(readFileSync(resultFile, 'utf8'));
  check('as win32 on x64', result.platform === 'win32' && result.architecture === 'x64', result.platform);
  if (clamd) {
    check('a virus is held back', result.infected.code === 'scanner.infected', result.infected);
    check('the letter was found clean by ClamAV', result.virusCheck === 'clean', result.virusCheck);
  }
  check('number 1 was given', result.number === 1, result.number);
  check('the scan was read', result.subject?.length > 10, result.subject);
  check('the verdict of our own verifier', result.verdict === 'valid', result.verdict);
  check('log and archive are whole', result.chain.ok && result.archive.damaged.length === 0, result);

  const sealed = linuxPath(result.sealed.path);
  const working = readFileSync(linuxPath(result.working.path));
  check('the archived file has the hash in the register', sha256(sealed) === result.sealed.sha256, sealed);
  check(
    'the scan’s PDF is its unchanged beginning',
    readFileSync(sealed).subarray(0, working.length).equals(working),
    '',
  );
  for (const opinion of await foreignOpinions(sealed, pki, office, token.issuer)) {
    check(`${opinion.tool}, on this side`, opinion.ok, opinion.words);
  }
  const atProvince = server.objectPath(OFFICE_ID, result.sealed.sha256);
  check('the province has the very file', sha256(atProvince) === result.sealed.sha256, atProvince);
  const records = server.records().filter(({ record }) => record.operationId === result.operationId);
  check('the province has one record of it', records.length === 1, records.length);

  const trust = [pki.rootPath, ...token.issuer].flatMap((path) => ['--trust', winPath(path)]);
  const verified = await anThu('verify', winPath(sealed), ...trust);
  check('an-thu verify accepts it', verified.status === 0, verified);
  const changed = join(office, 'đã sửa.pdf');
  const bytes = readFileSync(sealed);
  bytes[200] ^= 1;
  writeFileSync(changed, bytes);
  const refused = await anThu('verify', winPath(changed), ...trust);
  check('an-thu verify refuses it changed', refused.status !== 0, refused);
  return result;
}

/**
 * Runs two offices: one with the agency's key in a file, its data where Windows programs keep them; one with the key on a
 * token behind a PKCS#11 DLL in System32.
 *
 * @param modules paths of the DLLs, by architecture
 * @returns counts of checks; prints each
 */
export async function runMainJob(modules) {
  mkdirSync(places.out, { recursive: true });
  const root = mkdtempSync(join(places.out, 'main-job-'));
  const counts = { passed: 0, failed: 0 };
  const checkFor = (office) => (name, holds, facts) => {
    counts[holds ? 'passed' : 'failed']++;
    process.stdout.write(`${holds ? '  ✓' : '  ✗'} ${office}: ${name}\n`);
    if (!holds) process.stdout.write(`      ${typeof facts === 'string' ? facts : JSON.stringify(facts)}\n`);
  };
  const ownData = join(
    places.prefix,
    'drive_c',
    'users',
    process.env.USER ?? 'root',
    'AppData',
    'Local',
    'An Thu',
  );
  rmSync(ownData, { recursive: true, force: true });
  const outside = await startOutside(root);
  try {
    const samples = join(root, 'mẫu');
    mkdirSync(samples);
    const scans = await makeSampleScans(samples, {
      seed: 20261121,
      today: vietnamDate(new Date()),
      names: { commune: 'Hòa Thịnh', province: 'An Lạc' },
      truthDir: join(samples, 'đáp án'),
    });
    const keyUri = winUri(outside.pki.agency.pkcs12);
    const soft = checkFor('soft token');
    const first = await runOffice({
      name: 'soft',
      root,
      outside,
      scan: scans[0],
      dataDir: null,
      check: soft,
      token: {
        keyUri,
        issuer: [],
        settings: { modules: [], softTokens: [winPath(outside.pki.agency.pkcs12)] },
      },
    });
    soft('the data lie in %LOCALAPPDATA%', linuxPath(first?.dataDir ?? '') === ownData, first?.dataDir);

    const library = plugToken(outside.pki, modules.x64);
    const hard = checkFor('PKCS#11');
    const uri = `pkcs11:id=%01;type=private?module-path=${library}`;
    const second = await runOffice({
      name: 'pkcs11',
      root,
      outside,
      scan: scans[1],
      check: hard,
      dataDir: winPath(join(root, 'dữ liệu')),
      // This token holds no certificate of its CA, as many do: who checks the file brings it.
      token: {
        keyUri: uri,
        issuer: [outside.pki.issuingPath],
        settings: { modules: [library], softTokens: [] },
      },
    });
    // Whoever types the checklist begins without an office.
    rmSync(ownData, { recursive: true, force: true });
    const folder = join(root, 'checklist');
    const typed = checkFor('checklist');
    if (second === undefined) typed('can be gone through', false, 'the office before it did not end');
    else {
      await runChecklist({
        folder,
        agencyFile: join(root, 'pkcs11', 'agency.json'),
        pdf: linuxPath(second.working.path),
        trust: [outside.pki.rootPath, outside.pki.issuingPath],
        keyUri: uri,
        library,
        pin: DEMO_PIN,
        check: typed,
      });
    }
  } finally {
    await outside.stop();
    for (const name of ['bit4xpki.dll', 'bit4xpki.dll.d'])
      rmSync(join(system32, name), { recursive: true, force: true });
    rmSync(ownData, { recursive: true, force: true });
    rmSync(root, { recursive: true, force: true });
  }
  return counts;
}
