using CalicoConsole.Web.Areas.Endpoints;
using CalicoConsole.Web.Auth;
using CalicoConsole.Web.Kit;
using CalicoConsole.Web.Kit.Forms;
using CalicoConsole.Web.Kit.Lists;
using CalicoConsole.Web.Live;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace CalicoConsole.Web.Hosting;

/// <summary>Registers what pages share within one circuit.</summary>
internal static class StateServices
{
    public static void AddConsoleState(this IServiceCollection services)
    {
        services.AddSingleton<IpamState>();
        services.AddSingleton<SharedLists>();
        services.AddSingleton<SharedEndpoints>();
        services.TryAddSingleton<ReachabilityModels>();
        services.TryAddSingleton<Core.Reachability.IReachabilityModels>(p => p.GetRequiredService<ReachabilityModels>());
        services.AddSingleton<AssertionStates>();
        services.AddSingleton<ProblemState>();
        services.AddSingleton<BgpReadings>();
        services.AddSingleton<SeriesRecorder>();
        services.AddSingleton<RuleCounterSampler>();
        services.AddSingleton<PoolForecasts>();
        services.AddScoped<PageVisibility>();
        services.AddScoped<ThemeState>();
        services.AddScoped<Browser>();
        services.AddScoped<CurrentActor>();
        services.AddScoped<ListPreferences>();
        services.AddScoped<TypedText>();
        services.AddScoped<Ticker>();
    }
}
