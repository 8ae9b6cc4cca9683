import { Column, Entity, PrimaryColumn } from 'typeorm';
import { instantColumn } from '../database/index.ts';
import type { Instant } from '../shared/clock.ts';

/** The salted hash of an address, or of a contact, that was erased: nothing is sent to it when it comes back. */
@Entity('erased_address')
export class ErasedAddressRow {
  @PrimaryColumn('text')
  hash!: string;

  @Column(instantColumn)
  at!: Instant;
}
