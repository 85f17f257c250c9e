using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace CalicoConsole.Adapters.Audit.Migrations
{
    /// <inheritdoc />
    public partial class Kept : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "Kept",
                columns: table => new
                {
                    Id = table.Column<long>(type: "INTEGER", nullable: false)
                        .Annotation("Sqlite:Autoincrement", true),
                    Key = table.Column<string>(type: "TEXT", nullable: false),
                    Value = table.Column<byte[]>(type: "BLOB", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Kept", x => x.Id);
                });

            migrationBuilder.CreateIndex(
                name: "IX_Kept_Key",
                table: "Kept",
                column: "Key",
                unique: true);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "Kept");
        }
    }
}
