import { Entity, PrimaryColumn } from 'typeorm';

/** A lane: locked by the process that works on its contacts; holds nothing. */
@Entity('lane')
export class LaneRow {
  @PrimaryColumn('smallint')
  lane!: number;
}
