namespace CalicoConsole.Web.Routing;

internal static partial class Links
{
    public const string Scenes = "scenes";

    public const string Tour = "scenes/tour";

    /// <summary>The stage of a scene.</summary>
    public static string Scene(string code, string? from = null, string? to = null) => Query($"{Scenes}/{Escape(code)}", ("from", from), ("to", to));
}
