import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import type { Id } from '../shared/ids.ts';

/** An address that messages were judged for; `id` is a hash of channel and address, and `lane` that of the hash. */
@Entity('address')
// TypeORM cannot say GIN.
@Index('address_holders', { synchronize: false })
export class AddressRow {
  @PrimaryColumn('smallint')
  lane!: number;

  @PrimaryColumn('uuid')
  id!: Id;

  /** The contacts that had it when a message was judged for them. */
  @Column('uuid', { array: true })
  holders!: Id[];
}
