/** `node query-database.mjs FILE SQL`: runs one statement on a database and prints its rows as JSON. */
import { DatabaseSync } from '@photostructure/sqlite';

const [file = '', sql = ''] = process.argv.slice(2);
const database = new DatabaseSync(file);
database.exec('pragma busy_timeout=5000');
console.log(JSON.stringify(database.prepare(sql).all()));
database.close();
