using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace CalicoConsole.Adapters.Audit.Migrations
{
    /// <inheritdoc />
    public partial class AuditKeys : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "AuditKeys",
                columns: table => new
                {
                    Key = table.Column<string>(type: "TEXT", nullable: false),
                    IntentId = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_AuditKeys", x => new { x.Key, x.IntentId });
                });

            // The database itself finds the keys as rows come in, so that no writer can forget it. Changes of another form have none.
            string Insert(string rows, string changes, string which) =>
                "INSERT OR IGNORE INTO \"AuditKeys\" (\"Key\", \"IntentId\") SELECT json_extract(c.value, '$.object'), i.\"Id\" "
                + $"FROM {rows}, json_each(CASE WHEN json_valid({changes}) THEN {changes} ELSE '[]' END) AS c "
                + $"WHERE {which} AND CASE c.type WHEN 'object' THEN json_extract(c.value, '$.target') = 'etcd' AND json_type(c.value, '$.object') = 'text' END;";
            migrationBuilder.Sql(Insert("\"AuditIntents\" AS i", "i.\"Changes\"", "1"));
            migrationBuilder.Sql(Insert("\"AuditIntents\" AS i JOIN \"AuditOutcomes\" AS o ON o.\"OperationId\" = i.\"OperationId\"", "o.\"Changes\"", "1"));
            migrationBuilder.Sql($"CREATE TRIGGER \"AuditIntents_Keys\" AFTER INSERT ON \"AuditIntents\" BEGIN {Insert("\"AuditIntents\" AS i", "NEW.\"Changes\"", "i.\"Id\" = NEW.\"Id\"")} END;");
            migrationBuilder.Sql($"CREATE TRIGGER \"AuditOutcomes_Keys\" AFTER INSERT ON \"AuditOutcomes\" BEGIN {Insert("\"AuditIntents\" AS i", "NEW.\"Changes\"", "i.\"OperationId\" = NEW.\"OperationId\"")} END;");
            migrationBuilder.Sql("CREATE TRIGGER \"AuditKeys_NoUpdate\" BEFORE UPDATE ON \"AuditKeys\" BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;");
            migrationBuilder.Sql("CREATE TRIGGER \"AuditKeys_NoDelete\" BEFORE DELETE ON \"AuditKeys\" BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.Sql("DROP TRIGGER \"AuditIntents_Keys\"; DROP TRIGGER \"AuditOutcomes_Keys\";");
            migrationBuilder.DropTable(
                name: "AuditKeys");
        }
    }
}
