using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;

namespace CalicoConsole.Adapters.Audit;

/// <summary>For <c>dotnet ef migrations add</c> only; no database is opened.</summary>
internal sealed class ConsoleDbContextDesignFactory : IDesignTimeDbContextFactory<ConsoleDbContext>
{
    public ConsoleDbContext CreateDbContext(string[] args)
    {
        var builder = new DbContextOptionsBuilder<ConsoleDbContext>();
        ConsoleDatabase.Configure(builder, "Data Source=design-time.db");
        return new ConsoleDbContext(builder.Options);
    }
}
