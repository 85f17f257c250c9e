using CalicoConsole.Adapters.Captures;
using CalicoConsole.Adapters.Diagnostics;
using CalicoConsole.Adapters.History;
using CalicoConsole.Core.Operations;
using CalicoConsole.Core.Ports;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace CalicoConsole.Adapters.Audit;

/// <summary>Registers the console's database.</summary>
public static class ConsoleDatabaseServices
{
    /// <summary>
    /// Registers <see cref="IDbContextFactory{TContext}"/> and a scoped <see cref="ConsoleDbContext"/> (for Identity's stores),
    /// <see cref="ConsoleDatabase"/> (call <see cref="ConsoleDatabase.OpenAsync"/> before the first use), <see cref="IAuditLog"/>, <see cref="KeptStore"/>,
    /// <see cref="SessionStore"/>, <see cref="ISeriesStore"/>, <see cref="IPreferences"/>, <see cref="IDiagnosisReports"/>
    /// and <see cref="ICaptures"/>.
    /// </summary>
    /// <exception cref="ConsoleDatabaseException">The connection string is not usable.</exception>
    public static IServiceCollection AddConsoleDatabase(this IServiceCollection services, string connectionString)
    {
        ConsoleDatabase.Parse(connectionString);
        services.TryAddSingleton(TimeProvider.System);
        services.AddDbContextFactory<ConsoleDbContext>(builder => ConsoleDatabase.Configure(builder, connectionString));
        services.AddSingleton<ConsoleDatabase>();
        services.AddSingleton<IAuditLog, AuditLog>();
        services.AddSingleton<KeptStore>();
        services.AddSingleton<SessionStore>();
        services.AddSingleton<ISeriesStore, SeriesStore>();
        services.AddSingleton<IPreferences, PreferenceStore>();
        services.AddSingleton<IDiagnosisReports, DiagnosisReports>();
        services.AddSingleton<ICaptures, CaptureStore>();
        services.AddSingleton<ISessionCheck>(p => p.GetRequiredService<SessionStore>());
        return services;
    }
}
