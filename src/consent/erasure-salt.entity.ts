import { Check, Column, Entity, PrimaryColumn } from 'typeorm';

/** One row: what every hash of an erased address is salted with. Without it no re-import would be recognised. */
@Entity('erasure_salt')
@Check('erasure_salt_only_check', 'only')
export class ErasureSaltRow {
  @PrimaryColumn('boolean', { default: true })
  only!: boolean;

  @Column('text')
  salt!: string;
}
