import { Duration } from 'aws-cdk-lib'
import type { IFunction } from 'aws-cdk-lib/aws-lambda'
import { Choice, Succeed, Wait, WaitTime } from 'aws-cdk-lib/aws-stepfunctions'
import { Construct } from 'constructs'
import { MACHINES } from '../../names.ts'
import type { Alarms } from '../alarms.ts'
import { failWithCause, outcomeIs, ServiceMachine, steps } from '../service-machine.ts'

/** What each step does: `billing/workflows/README.md`. */
export class CloseInvoiceMachine extends Construct {
  constructor(scope: Construct, stepFunction: IFunction, alarms: Alarms) {
    super(scope, 'CloseInvoice')
    const giveUp = steps(this, stepFunction)('Fail')
    giveUp.next(failWithCause(this, 'NotClosed'))
    const step = steps(this, stepFunction, giveUp)
    const settle = step('Settle')
    const compare = step('Compare')
    const collect = step('Collect')
    compare.next(
      new Choice(this, 'TooMuch?')
        .when(outcomeIs('too_much'), step('Credit').next(collect))
        .otherwise(collect),
    )
    collect.next(step('Record')).next(this.proved(stepFunction))
    const settled = new Choice(this, 'Settled')
      .when(outcomeIs('settled'), step('Finalize').next(compare))
      .otherwise(
        new Wait(this, 'AwaitStripe', { time: WaitTime.duration(Duration.seconds(60)) }).next(settle),
      )
    const hold = step('Hold')
    const drained = new Wait(this, 'AwaitLogs', { time: WaitTime.timestampPath('$.drainUntil') })
    hold.next(
      new Choice(this, 'Held?')
        .when(outcomeIs('held'), drained.next(step('Report')).next(settle).next(settled))
        .when(outcomeIs('finalized'), compare)
        .otherwise(new Succeed(this, 'NothingToClose')),
    )
    new ServiceMachine(this, 'CloseInvoice', {
      name: MACHINES.closeInvoice,
      definition: hold,
      timeout: Duration.days(7),
      alarms,
    })
  }

  /** The invoice is closed and collected by now: proof files that cannot be written are the sweep's to write. */
  private proved(stepFunction: IFunction) {
    const prove = steps(this, stepFunction, new Succeed(this, 'ClosedProofLater'))('Prove')
    return prove.next(
      new Choice(this, 'Proved?').when(outcomeIs('proving'), prove).otherwise(new Succeed(this, 'Closed')),
    )
  }
}
