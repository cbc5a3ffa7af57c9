/** Names of the engine's durable jobs as they stand in the database. */
export const jobKinds = {
  check: 'intake.check',
  convert: 'intake.convert',
  read: 'intake.read',
  sign: 'document.sign',
  /** Raises a sealed document to the agency's level. */
  extend: 'document.extend',
  /** Renews the long-term evidence of a document before its last timestamp's certificate ends. */
  renew: 'document.renew',
  upload: 'document.upload',
  inbound: 'inbound.open',
  rejudge: 'inbound.rejudge',
  recheck: 'inbound.recheck',
  recheckSeal: 'document.recheck',
} as const;
