namespace CalicoConsole.Web.Areas.Overview;

/// <summary>What every page says while the console knows no Docker host.</summary>
internal static class FirstStepWords
{
    /// <summary>Why nothing can be done on Docker hosts.</summary>
    public const string NoHost = "No Docker host is configured";

    /// <summary>What to set, for a first host.</summary>
    public const string Setting = "Docker__Hosts__0__Name=docker01 Docker__Hosts__0__Endpoint=tcp://192.0.2.45:2376";
}
