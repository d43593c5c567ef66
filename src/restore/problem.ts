/** A file that is no backup, or not as it was written. */
export class BadBackup extends Error {
  override name = 'BadBackup'
}
