namespace CalicoConsole.Core.Reachability.Traffic;

/// <summary>The classes of endpoints of a model, worked out when first asked for and kept with it. Pure.</summary>
public static class ModelClasses
{
    /// <summary>How many groups of endpoints no rule can tell apart, by their addresses of an IP version.</summary>
    public static int CountClasses(this ReachabilityModel model, bool ipv6)
    {
        ArgumentNullException.ThrowIfNull(model);
        return model.Classes(ipv6).Classes.Length;
    }

    internal static TrafficClasses Classes(this ReachabilityModel model, bool ipv6) => ipv6
        ? model.Derived6.Get(() => new TrafficClasses(model, true))
        : model.Derived4.Get(() => new TrafficClasses(model, false));
}
