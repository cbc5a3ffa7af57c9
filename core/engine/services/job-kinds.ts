/** Names of the engine's durable jobs as they stand in the database. */
export const jobKinds = {
  check: 'intake.check',
  convert: 'intake.convert',
  read: 'intake.read',
  sign: 'document.sign',
  upload: 'document.upload',
  inbound: 'inbound.open',
  recheck: 'inbound.recheck',
  recheckSeal: 'document.recheck',
} as const;
