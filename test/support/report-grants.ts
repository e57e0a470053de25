import { clearNotes, summarizeNotes } from './grant-notes.ts'

/** Prints, after the whole run, which grants of the templates no test needed. */
export default function reportGrants(): () => void {
  clearNotes()
  return () => {
    const summary = summarizeNotes()
    if (!summary) return
    const { clouds, lines } = summary
    const among = `${clouds} ${clouds === 1 ? 'Tollgate' : 'Tollgates'} of this run`
    if (lines.length === 0) console.log(`\nEvery grant of the templates was used in ${among}.`)
    else {
      console.log(
        `\nGrants that nothing used in the ${among} (${lines.length}). That no test needs one does not mean that nobody does:`,
      )
      console.log(lines.map(line => `  ${line}`).join('\n'))
    }
  }
}
