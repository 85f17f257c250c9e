using System.Reflection;

namespace CalicoConsole.Web.Hosting;

/// <summary>Which console this is. The build writes the version of <c>Directory.Build.props</c> and, where it sees Git, the commit into the assembly.</summary>
internal static class ConsoleVersion
{
    /// <summary>The version, such as <c>1.2.3</c>.</summary>
    public static string Number => Text.Split('+')[0];

    /// <summary>The commit that was built, in full; null when the build did not know it (an image built without <c>.git</c>).</summary>
    public static string? Commit => Text.IndexOf('+', StringComparison.Ordinal) is >= 0 and var at ? Text[(at + 1)..] : null;

    private static string Text { get; } = typeof(ConsoleVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;
}
