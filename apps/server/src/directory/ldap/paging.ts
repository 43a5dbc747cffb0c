// Paged results (RFC 2696), by a control of our own. The library's ends at a page without entries, which Active Directory
// sends in between: everybody after it would seem to be gone.

import { Ber, BerWriter, Control, PagedResultsControl, type BerReader } from "ldapts";

const type = PagedResultsControl.type;
// The library parses answers of this type into controls of its own and keeps them; of any other into ours. We are the
// only ones here who page.
PagedResultsControl.type = "lockstep:none";

export class Paging extends Control {
  readonly size: number;
  /** Where the directory goes on; empty before the first page and after the last. */
  cookie: Buffer = Buffer.alloc(0);

  constructor(size: number) {
    super(type, { critical: true });
    this.size = size;
  }

  override writeControl(writer: BerWriter): void {
    const value = new BerWriter();
    value.startSequence();
    value.writeInt(this.size);
    value.writeBuffer(this.cookie, Ber.OctetString);
    value.endSequence();
    writer.writeBuffer(value.buffer, Ber.OctetString);
    // An answer without a word about pages is the last one.
    this.cookie = Buffer.alloc(0);
  }

  override parseControl(reader: BerReader): void {
    if (reader.readSequence() === null) return;
    reader.readInt();
    this.cookie = reader.readString(Ber.OctetString, true) ?? Buffer.alloc(0);
  }
}
