export {
  createDemoPki,
  issueCertificate,
  loadDemoPki,
  writeIdentity,
  type DemoPki,
  type IssuedCertificate,
} from './demo-pki.ts';
export { demoRevocationLists, startDemoOcsp, type DemoOcsp } from './ocsp.ts';
export { startDemoTsa } from './tsa.ts';
export type { DemoService } from './loopback-server.ts';
