using Microsoft.Extensions.DependencyInjection.Extensions;

namespace CalicoConsole.Web.State;

/// <summary>Registers what pages share within one circuit.</summary>
internal static class StateServices
{
    public static void AddConsoleState(this IServiceCollection services)
    {
        services.AddSingleton<IpamState>();
        services.AddSingleton<SharedLists>();
        services.TryAddSingleton<ReachabilityModels>();
        services.TryAddSingleton<Core.Reachability.IReachabilityModels>(p => p.GetRequiredService<ReachabilityModels>());
        services.AddSingleton<AssertionStates>();
        services.AddSingleton<ProblemState>();
        services.AddScoped<PageVisibility>();
        services.AddScoped<ThemeState>();
        services.AddScoped<Browser>();
        services.AddScoped<CurrentActor>();
        services.AddScoped<Components.Forms.TypedText>();
        services.AddScoped<Components.Shared.Ticker>();
    }
}
