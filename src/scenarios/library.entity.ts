import { Check, Column, Entity, PrimaryColumn } from 'typeorm';

/** The one row whose revision rises with every publication. */
@Entity('library')
@Check('library_only_check', 'only')
export class LibraryRow {
  @PrimaryColumn('boolean', { default: true })
  only!: boolean;

  @Column('integer')
  revision!: number;
}
